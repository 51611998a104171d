import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { mapOrder, orderOf } from '../message.ts'
import { onStop, place, ready } from './bench-process.ts'

/** n8n as it is installed, but for successes, which it does not keep here: a webhook, a Code node that maps, an HTTP request. */
const code = `const mapOrder = ${mapOrder.toString()}; return $input.all().map(item => ({ json: mapOrder(item.json.body) }));`
const base = 'n8n-nodes-base'
const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] })
const send = {
  method: 'POST',
  url: `${place.sink}/orders`,
  sendBody: true,
  specifyBody: 'json',
  jsonBody: '={{ JSON.stringify($json) }}',
  options: {},
}
const workflow = {
  id: 'orders',
  name: 'orders',
  active: true,
  settings: { executionOrder: 'v1' },
  connections: { Webhook: to('Code'), Code: to('HTTP') },
  nodes: [
    {
      id: 'a',
      name: 'Webhook',
      type: `${base}.webhook`,
      typeVersion: 2,
      position: [0, 0],
      webhookId: 'hook',
      parameters: { httpMethod: 'POST', path: 'hook', responseMode: 'onReceived', options: {} },
    },
    {
      id: 'b',
      name: 'Code',
      type: `${base}.code`,
      typeVersion: 2,
      position: [200, 0],
      parameters: { mode: 'runOnceForAllItems', jsCode: code },
    },
    {
      id: 'c',
      name: 'HTTP',
      type: `${base}.httpRequest`,
      typeVersion: 4.2,
      position: [400, 0],
      parameters: send,
    },
  ],
}

const env = {
  ...process.env,
  N8N_USER_FOLDER: place.folder,
  N8N_PORT: String(place.port),
  N8N_RUNNERS_BROKER_PORT: String(place.port + 1),
  N8N_LISTEN_ADDRESS: '127.0.0.1',
  N8N_DIAGNOSTICS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
  N8N_TEMPLATES_ENABLED: 'false',
  N8N_PERSONALIZATION_ENABLED: 'false',
  N8N_RUNNERS_ENABLED: 'true',
  EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
  NODE_ENV: 'production',
}
const program = fileURLToPath(new URL('../peers/n8n/node_modules/n8n/bin/n8n', import.meta.url))
const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { env, stdio: 'inherit' }).status

mkdirSync(place.folder, { recursive: true })
writeFileSync(join(place.folder, 'workflow.json'), JSON.stringify(workflow))
run('import:workflow', `--input=${join(place.folder, 'workflow.json')}`)
if (run('publish:workflow', '--id=orders') !== 0) run('update:workflow', '--id=orders', '--active=true')
const n8n = spawn(process.execPath, [program, 'start'], { env, stdio: 'inherit' })
n8n.on('exit', status => process.exit(status ?? 1))
onStop(() => n8n.kill())
await untilHookAnswers()
ready()

/** It says that it is ready some seconds before its webhook is. */
async function untilHookAnswers(): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${place.port}/webhook/hook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(orderOf(0, 1, 0)),
    }).then(
      async response => response.ok && (await response.text()),
      () => '',
    )
    if (answer && answer.includes('Workflow was started')) return sleep(1_500)
    await sleep(250)
  }
}
