import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mapOrder } from '../message.ts'
import { onStop, place, ready } from './bench-process.ts'

/** Node-RED: http in, answered at once, a function that maps, http request. It keeps nothing: a crash loses what is under way. */
const map = `const mapOrder = ${mapOrder.toString()}; return { payload: mapOrder(msg.payload), headers: { "content-type": "application/json" } };`
const accepted = 'return { req: msg.req, res: msg.res, payload: "", statusCode: 202 };'
const inTab = { z: 'tab', x: 1, y: 1 }
const flows = [
  { id: 'tab', type: 'tab', label: 'orders' },
  { id: 'in', type: 'http in', ...inTab, url: '/hook', method: 'post', wires: [['accepted', 'map']] },
  { id: 'accepted', type: 'function', ...inTab, func: accepted, outputs: 1, wires: [['answer']] },
  { id: 'answer', type: 'http response', ...inTab, statusCode: '202', headers: {}, wires: [] },
  { id: 'map', type: 'function', ...inTab, func: map, outputs: 1, wires: [['send']] },
  {
    id: 'send',
    type: 'http request',
    ...inTab,
    method: 'POST',
    ret: 'txt',
    persist: true,
    url: `${place.sink}/orders`,
    paytoqs: 'ignore',
    headers: [],
    wires: [[]],
  },
]
const settings = {
  uiPort: place.port,
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  httpAdminRoot: false,
  logging: { console: { level: 'info' } },
  apiMaxLength: '5mb',
}

mkdirSync(place.folder, { recursive: true })
writeFileSync(join(place.folder, 'flows.json'), JSON.stringify(flows))
writeFileSync(join(place.folder, 'settings.js'), `module.exports = ${JSON.stringify(settings)}`)

const program = fileURLToPath(new URL('../peers/node-red/node_modules/node-red/red.js', import.meta.url))
const red = spawn(process.execPath, [program, '-u', place.folder, '-s', join(place.folder, 'settings.js')], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
red.stdout.on('data', (piece: Buffer) => piece.includes('Started flows') && ready())
red.on('exit', code => process.exit(code ?? 1))
onStop(() => red.kill())
