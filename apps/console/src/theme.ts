import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Deep teal: the pin on the axle. Its seventh shade carries white text at more than 4.5 to 1. */
const pin: MantineColorsTuple = [
  '#effcf9',
  '#d7f5ee',
  '#a9e9dc',
  '#74dac8',
  '#43c5b1',
  '#24a898',
  '#128578',
  '#0f766e',
  '#0d5c56',
  '#0a4642',
]

/** Mantine's own greys are warm; beside the ground and the cards of look.css they would look like stains. */
const dark: MantineColorsTuple = [
  '#dbe2e7',
  '#b9c4cc',
  '#93a1ad',
  '#6a7883',
  '#3b464f',
  '#2a3339',
  '#20272d',
  '#1a2026',
  '#12171b',
  '#0d1114',
]

export const theme = createTheme({
  primaryColor: 'pin',
  primaryShade: { light: 7, dark: 6 },
  colors: { pin, dark },
  defaultRadius: 'md',
  autoContrast: true,
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", "Cascadia Code", ui-monospace, Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  cursorType: 'pointer',
})
