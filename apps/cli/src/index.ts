export { commandLine, main } from './main.ts'
