import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Installs what a real Tryton 6.0 needs from Debian, where it is missing. Answers why this machine or user cannot, or
 * null when all is there. Throws when it should have worked and did not.
 */
export function installTryton(log: (line: string) => void): string | null {
  const missing = neededPackages.filter(name => !isInstalled(name))
  if (missing.length === 0) return null
  if (!isDebian12())
    return 'its packages are missing, and Tryton 6.0 is taken from Debian 12, which this is not'
  if (process.getuid?.() !== 0)
    return `these Debian packages are missing, and only root can install them: ${missing.join(' ')}`
  log(`installing ${missing.length} Debian packages (about a minute)`)
  keepServicesStopped()
  for (const args of [
    ['update', '-q', '-o', 'Acquire::Retries=3'],
    ['install', '-q', '-y', '-o', 'Acquire::Retries=3', '--no-install-recommends', ...missing],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`)
  }
  return null
}

export const trytonModules = [
  'account-eu',
  'account-invoice-stock',
  'carrier',
  'product-attribute',
  'product-price-list',
  'sale',
  'sale-price-list',
  'sale-shipment-cost',
  'stock',
  'stock-package',
  'stock-package-shipping',
]

const neededPackages = [
  'postgresql',
  'tryton-server',
  'tryton-proteus',
  'python3-psycopg2',
  'python3-relatorio',
  'python3-genshi',
  // Turns the invoice report, which is an OpenDocument text, into a PDF.
  'libreoffice-writer-nogui',
  ...trytonModules.map(name => `tryton-modules-${name}`),
]

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' })
  return stdout?.includes('install ok installed') ?? false
}

const isDebian12 = () =>
  existsSync('/etc/os-release') &&
  readFileSync('/etc/os-release', 'utf8').includes('VERSION_CODENAME=bookworm')

/** Debian starts a service when it is installed, unless this says no (invoke-rc.d(8)). Ours is a cluster of our own. */
function keepServicesStopped(): void {
  const policy = '/usr/sbin/policy-rc.d'
  if (!existsSync(policy)) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
}
