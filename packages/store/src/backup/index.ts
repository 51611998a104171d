export { type BackupOptions, backup } from './backup.ts'
export { BackupTrouble } from './format.ts'
export type { OnProgress, Progress } from './progress.ts'
export { type RestoreOptions, restore } from './restore.ts'
