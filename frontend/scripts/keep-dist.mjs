// Vite empties dist before it builds; Go's embed and git need the marker back.
import { writeFileSync } from 'node:fs'

writeFileSync(new URL('../dist/.keep', import.meta.url), '')
