/** The depth that services of a category usually have; the reader may say otherwise. */
const usual: Record<string, string> = {
  infra: 'resource',
  platform: 'capability',
  app: 'business',
  device: 'capability',
  data: 'capability',
  iip: 'ecosystem',
  support: 'business',
}

export const usualDepth = (category: string): string => usual[category.split('.')[0] ?? ''] ?? ''
