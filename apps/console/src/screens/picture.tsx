import '@xyflow/react/dist/style.css'
import type { HomeAnswer } from '@linchpin/api'
import { useComputedColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
} from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import { Verdict, type Colour } from '../parts/verdict.tsx'
import classes from './picture.module.css'

type Data = { readonly title: string; readonly words: string; readonly is: Colour }
const nodeTypes = { connection: Connection, flow: FlowNode }

/** Connections at the sides, flows between them, each with what is on its way at the moment. */
export function Picture({ of }: { readonly of: HomeAnswer }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const scheme = useComputedColorScheme('light')
  const { nodes, edges } = laidOut(
    of,
    (open, parked) => t('flows.count', { open, parked }),
    entity => t(`entity.${entity}` as 'entity.Price'),
  )
  return (
    <div className={`card ${classes['picture']}`}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={scheme}
        fitView
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_event, node) => {
          const [kind = '', name = ''] = node.id.split(' ')
          void navigate({
            to: kind === 'flow' ? '/flows/$name' : '/connections/$name',
            params: { name } as never,
          })
        }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

const ROW = 74

/** Shops on the left, ERPs on the right, in the middle a row for each flow. */
function laidOut(
  { flows, connections }: HomeAnswer,
  words: (open: number, parked: number) => string,
  nameOf: (entity: string) => string,
): { nodes: Node[]; edges: Edge[] } {
  const height = flows.length * ROW
  const sides = [
    connections.filter(({ role }) => role === 'shop'),
    connections.filter(({ role }) => role !== 'shop'),
  ]
  const ends = sides.flatMap((side, column) =>
    side.map((each, index): Node => ({
      id: `connection ${each.name}`,
      type: 'connection',
      position: { x: column * 800, y: (height / (side.length + 1)) * (index + 1) - 40 },
      data: { title: each.name, words: each.title, is: each.verdict.is },
    })),
  )
  const middle = flows.map((each, index): Node => ({
    id: `flow ${each.name}`,
    type: 'flow',
    position: { x: 330, y: index * ROW },
    data: {
      title: `${nameOf(each.entity)}: ${each.from} → ${each.to}`,
      words: words(each.open, each.parked),
      is: each.verdict.is,
    },
  }))
  const left = new Set(sides[0]?.map(({ name }) => name))
  const edges = flows.flatMap(each => [
    edgeOf(`connection ${each.from}`, `flow ${each.name}`, left.has(each.from), each.open > 0, false),
    edgeOf(`flow ${each.name}`, `connection ${each.to}`, !left.has(each.to), each.open > 0, true),
  ])
  return { nodes: [...ends, ...middle], edges }
}

function edgeOf(source: string, target: string, toRight: boolean, busy: boolean, ends: boolean): Edge {
  return {
    id: `${source} ${target}`,
    source,
    target,
    sourceHandle: toRight ? 'right out' : 'left out',
    targetHandle: toRight ? 'left in' : 'right in',
    animated: busy,
    ...(ends ? { markerEnd: { type: MarkerType.ArrowClosed } } : {}),
  }
}

function Box({ data, className }: { readonly data: Data; readonly className: string }) {
  return (
    <div className={`${classes['node']} ${className}`}>
      <Handle type="target" id="left in" position={Position.Left} isConnectable={false} />
      <Handle type="source" id="left out" position={Position.Left} isConnectable={false} />
      <span>
        <b>{data.title}</b>
        <br />
        <span className="quiet">{data.words}</span>
      </span>
      <Verdict is={data.is} />
      <Handle type="source" id="right out" position={Position.Right} isConnectable={false} />
      <Handle type="target" id="right in" position={Position.Right} isConnectable={false} />
    </div>
  )
}

function Connection({ data }: { readonly data: Data }) {
  return <Box data={data} className={classes['connection'] ?? ''} />
}

function FlowNode({ data }: { readonly data: Data }) {
  return <Box data={data} className={classes['flow'] ?? ''} />
}
