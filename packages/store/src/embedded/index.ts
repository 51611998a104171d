export { type Database, type DatabaseOptions, openDatabase } from './database.ts'
export { type Embedded, type EmbeddedOptions, openEmbedded } from './embedded.ts'
export { DatabaseTrouble } from './trouble.ts'
