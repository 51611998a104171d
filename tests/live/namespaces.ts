import { spawnSync } from 'node:child_process'

/** Linux network namespaces on one bridge: whoever runs in one reaches this machine only over a wire that can be cut. */
export interface Namespaces {
  /** This machine, as they see it. */
  readonly host: string
  /** Begins a command that runs in the nth of them. */
  readonly within: (index: number) => readonly string[]
  /** No packet comes or goes, and nobody is told, until it is called again with false. */
  readonly cut: (index: number, isCut: boolean) => void
  readonly close: () => void
}

const NET = '10.213.7'
const BRIDGE = 'linchpin-br'
const nameOf = (index: number) => `linchpin-${index}`
const wireOf = (index: number) => `linchpin-w${index}`

/** Answers why this machine or user cannot. */
export function openNamespaces(count: number): Namespaces | string {
  if (process.getuid?.() !== 0) return 'only root may make network namespaces'
  if (spawnSync('ip', ['-V']).status !== 0) return 'there is no `ip` (iproute2)'
  const close = () => {
    for (let index = 0; index < count; index += 1) {
      spawnSync('ip', ['link', 'del', wireOf(index)])
      spawnSync('ip', ['netns', 'del', nameOf(index)])
    }
    spawnSync('ip', ['link', 'del', BRIDGE])
  }
  close()
  try {
    ip(`link add ${BRIDGE} type bridge`)
    ip(`addr add ${NET}.1/24 dev ${BRIDGE}`)
    ip(`link set ${BRIDGE} up`)
    for (let index = 0; index < count; index += 1) join(index)
  } catch (error) {
    close()
    return `network namespaces are not permitted here (${(error as Error).message})`
  }
  return {
    host: `${NET}.1`,
    within: index => ['ip', 'netns', 'exec', nameOf(index)],
    cut: (index, isCut) => ip(`link set ${wireOf(index)} ${isCut ? 'down' : 'up'}`),
    close,
  }
}

function join(index: number): void {
  const [name, wire] = [nameOf(index), wireOf(index)]
  ip(`netns add ${name}`)
  ip(`link add ${wire} type veth peer name eth0 netns ${name}`)
  ip(`link set ${wire} master ${BRIDGE} up`)
  ip(`-n ${name} link set lo up`)
  ip(`-n ${name} addr add ${NET}.${index + 11}/24 dev eth0`)
  ip(`-n ${name} link set eth0 up`)
}

function ip(words: string): void {
  const { status, stderr } = spawnSync('ip', words.split(' '), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${words}: ${stderr.trim()}`)
}
