import type { Tone } from '@/ui/StatusTag.vue'

export const draftStates = ['draft', 'returned', 'submitted', 'published', 'withdrawn'] as const

const tones: Record<string, Tone> = { draft: 'active', returned: 'bad', submitted: 'waiting', published: 'good', withdrawn: 'neutral' }
export const stateTone = (state: string): Tone => tones[state] ?? 'neutral'

/** Who has to do something next, as a key of words. */
export const turnOf = (state: string): string => (state === 'submitted' ? 'second' : state === 'draft' || state === 'returned' ? 'author' : 'nobody')
