export { useDatabase } from './database.ts'
export { openHouse, type House } from './house.ts'
