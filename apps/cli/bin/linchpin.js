#!/usr/bin/env node
// Runs the TypeScript as it is: there is nothing to build, and an error names the line that a reader can open.
import { register } from 'tsx/esm/api'

register()
const { main } = await import('../src/main.ts')
await main(process.argv)
