export { ConnectionLost, Faults, type Fault, type Handler } from './faults.ts'
export { escape, page } from './page.ts'
export { fetchFrom, serve, type Served } from './serve.ts'
export { Shelf, type ShelfTable } from './shelf.ts'
