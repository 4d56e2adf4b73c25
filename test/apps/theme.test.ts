/** WCAG AA: 4.5 for text, 3 for the lines and shapes of what can be touched. */
import { DEFAULT_THEME, type MantineColorShade, mergeMantineTheme } from '@mantine/core'
import { describe, expect, it } from 'vitest'
import { cssVariables, theme as override } from '../../client/ui/theme.ts'

const theme = mergeMantineTheme(DEFAULT_THEME, override)
const shade = (color: string, at: number): string => theme.colors[color]![at as MantineColorShade]

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** A colour of the schemes' own variables, which point at shades. */
function variable(scheme: 'light' | 'dark', name: string): string {
  const [, color, at] = /^var\(--mantine-color-(\w+)-(\d)\)$/.exec(
    (cssVariables(theme)[scheme] as Record<string, string>)[name]!,
  )!
  return shade(color!, Number(at))
}

const colors = ['clay', 'red', 'green', 'yellow', 'blue']
const light = { surface: '#ffffff', page: variable('light', '--page') }
const dark = { surface: shade('dark', 7), page: variable('dark', '--page') }

it('measures as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

it('the apps use the shade that is measured here', () => {
  expect(theme.primaryShade).toBe(7)
  expect(theme.primaryColor).toBe('clay')
})

describe.each(colors)('%s', (color) => {
  it('carries white text, also where a finger or a mouse is on it', () => {
    expect(contrast(shade(color, 7), '#ffffff')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(shade(color, 8), '#ffffff')).toBeGreaterThanOrEqual(4.5)
  })

  it('is readable as text, and as text on its own light ground', () => {
    for (const ground of Object.values(light))
      expect(contrast(shade(color, 7), ground)).toBeGreaterThanOrEqual(4.5)
    for (const ground of Object.values(dark))
      expect(contrast(shade(color, 4), ground)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(shade(color, 9), shade(color, 2))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(shade(color, 0), shade(color, 9))).toBeGreaterThanOrEqual(4.5)
  })
})

describe.each([
  ['light', light, theme.black, shade('gray', 4)],
  ['dark', dark, shade('dark', 0), shade('dark', 4)],
] as const)('the %s scheme', (scheme, grounds, text, line) => {
  it.each([
    ['text', text],
    ['dimmed text', variable(scheme, '--mantine-color-dimmed')],
    ['placeholders', variable(scheme, '--mantine-color-placeholder')],
    ['errors', variable(scheme, '--mantine-color-error')],
  ])('%s', (_, color) => {
    for (const ground of Object.values(grounds)) expect(contrast(color, ground)).toBeGreaterThanOrEqual(4.5)
  })

  it('lines around what can be touched', () => {
    for (const ground of Object.values(grounds)) expect(contrast(line, ground)).toBeGreaterThanOrEqual(3)
  })
})

it('text in fields of the dark scheme', () => {
  const field = shade('dark', 6)
  expect(contrast(shade('dark', 0), field)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(variable('dark', '--mantine-color-placeholder'), field)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(shade('dark', 4), field)).toBeGreaterThanOrEqual(3)
})
