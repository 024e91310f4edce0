import type { components } from '@/api/schema'
import type { Tone } from '@/ui/StatusTag.vue'

export type Draw = components['schemas']['DrawView']
export type Place = components['schemas']['DrawnPlace']

export const drawTones: Record<string, Tone> = { open: 'active', pledged: 'active', sealed: 'active', closed: 'waiting', revealed: 'waiting', drawn: 'good' }

/** 256 bits of chance as the API wants them: 64 hex digits. */
export function newSeed(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)))
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
