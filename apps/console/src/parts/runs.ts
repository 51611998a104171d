import { syncFlow } from '@linchpin/api/pages'
import { useSyncExternalStore } from 'react'
import { api } from '../api.ts'

/** A flow's source that is being read page by page, from this tab. */
export interface Run {
  /** How many records so far. */
  readonly read: number
  readonly isStopping: boolean
  readonly stop: () => void
}

/** It goes on while people look at other pages, and is there when they come back. */
const runs = new Map<string, Run>()
const watchers = new Set<() => void>()

export function useRun(flow: string): Run | null {
  return useSyncExternalStore(watch, () => runs.get(flow) ?? null)
}

/** Reads all of it, or until somebody stops it; then `next` says so. */
export async function runFlow(flow: string): ReturnType<typeof syncFlow> {
  const stopping = new AbortController()
  const change = (changed: Partial<Run>) => set(flow, { ...first, ...runs.get(flow), ...changed })
  const first: Run = {
    read: 0,
    isStopping: false,
    stop() {
      stopping.abort()
      change({ isStopping: true })
    },
  }
  set(flow, first)
  try {
    return await syncFlow(api, { flow }, { stop: stopping.signal, at: ({ read }) => change({ read }) })
  } finally {
    set(flow, null)
  }
}

function set(flow: string, run: Run | null): void {
  if (run === null) runs.delete(flow)
  else runs.set(flow, run)
  for (const tell of watchers) tell()
}

function watch(tell: () => void): () => void {
  watchers.add(tell)
  return () => void watchers.delete(tell)
}
