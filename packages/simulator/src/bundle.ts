import { mkdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * The worker as plain JavaScript. tsx names every function anew each time that it is made, and a simulated day makes
 * millions: without it a seed takes about half the time.
 */
export async function bundleOf(entry: URL): Promise<URL> {
  const root = new URL('../../../node_modules/.cache/linchpin-simulator/', import.meta.url)
  await mkdir(root, { recursive: true })
  const file = new URL(`${basename(fileURLToPath(entry), '.ts')}-${process.pid}.mjs`, root)
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: fileURLToPath(file),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [{ name: 'only ours', setup: each => each.onResolve({ filter: /^[^./]/ }, othersStayOutside) }],
  })
  return file
}

const othersStayOutside = ({ path, kind }: { path: string; kind: string }) =>
  kind === 'entry-point' || path.startsWith('@linchpin/') ? undefined : { path, external: true }
