// Builds the console into a folder, in a process of its own (build.ts). It ends with whoever asked: nobody else wants it.
import { build } from 'vite'

const stop = () => process.exit(1)
process.once('disconnect', stop)
if (!process.connected) stop()
await build({ build: { outDir: process.argv[2], emptyOutDir: true }, logLevel: 'error' })
process.exit(0)
