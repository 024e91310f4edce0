import type { components } from '@/api/schema'
import type { Tone } from '../StatusTag.vue'

export type ClawbackView = components['schemas']['ClawbackView']
export type ClawbackPage = components['schemas']['ClawbackPage']
export type Ground = components['schemas']['Ground']

const tones: Record<string, Tone> = { ordered: 'active', closed: 'good', rejected: 'neutral', withdrawn: 'neutral' }

export const toneOf = (state: string): Tone => tones[state] ?? 'waiting'
