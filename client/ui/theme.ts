/**
 * How the apps look: warm paper, clay and coffee, in light and dark, with targets that a finger meets.
 *
 * Every colour has ten shades of the same lightness (OKLCH), so contrast does not depend on the hue: white on shade 7
 * and shade 7 on paper, black on shade 4 and shade 4 on coffee all reach WCAG AA (`test/apps/theme.test.ts`). The colours
 * with that promise are the ones below: `clay` for what the café does, `green` for done, `yellow` for what waits, `red`
 * for what failed, `blue` for news, `gray` for the rest.
 */
import {
  ActionIcon,
  Button,
  Checkbox,
  CloseButton,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  NumberInput,
  Pagination,
  Radio,
  SegmentedControl,
  Switch,
  Tabs,
} from '@mantine/core'

/** What a finger needs, in px (WCAG 2.5.5). */
const touch = 44

const clay: MantineColorsTuple = [
  '#fff4f0',
  '#fee7dd',
  '#fed1be',
  '#ffb391',
  '#f68f5f',
  '#e1713a',
  '#c5581c',
  '#aa4603',
  '#8e3801',
  '#732c00',
]
const red: MantineColorsTuple = [
  '#fff4f3',
  '#fee7e4',
  '#ffcfcb',
  '#ffb0a9',
  '#ff847d',
  '#f85452',
  '#db373a',
  '#be222a',
  '#a0171f',
  '#811218',
]
const green: MantineColorsTuple = [
  '#ecfbef',
  '#d9f6df',
  '#bbeac6',
  '#96daa8',
  '#6bc586',
  '#45ad69',
  '#269451',
  '#0c7e40',
  '#026933',
  '#035428',
]
const yellow: MantineColorsTuple = [
  '#fff6e7',
  '#fdeacc',
  '#f7d8a4',
  '#ebc076',
  '#daa339',
  '#c18a04',
  '#a37401',
  '#896104',
  '#725002',
  '#5b3f01',
]
const blue: MantineColorsTuple = [
  '#f0f8ff',
  '#deefff',
  '#bfe1fe',
  '#95cefe',
  '#63b6f8',
  '#3b9ce5',
  '#1983ca',
  '#006eae',
  '#005b92',
  '#004976',
]
/** Paper to coffee; 4 is the line around what can be touched. */
const gray: MantineColorsTuple = [
  '#f5f1eb',
  '#ece6dd',
  '#e3dbd0',
  '#d7cdc0',
  '#90867c',
  '#82786e',
  '#6b625a',
  '#544c45',
  '#3b352f',
  '#2b2622',
]
/** The dark scheme: text (0), the line around what can be touched (4), surfaces (7), the page (9). */
const dark: MantineColorsTuple = [
  '#ece7e1',
  '#cfc8bf',
  '#b0a69c',
  '#a0968b',
  '#80776e',
  '#3d3731',
  '#302b26',
  '#26231f',
  '#1f1c19',
  '#1b1917',
]

const centred = { alignItems: 'center' }
const tall = { minHeight: touch, display: 'flex', alignItems: 'center' }

export const theme = createTheme({
  colors: { clay, red, green, yellow, blue, gray, dark },
  primaryColor: 'clay',
  primaryShade: 7,
  black: '#2b2622',
  fontFamily: "'Inter Variable', 'Noto Sans Khmer Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontFamily: "'Inter Variable', 'Noto Sans Khmer Variable', system-ui, sans-serif",
    fontWeight: '650',
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'md' }, styles: { root: { minHeight: touch } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: touch } }),
    CloseButton: CloseButton.extend({ defaultProps: { size: touch } }),
    Input: Input.extend({ defaultProps: { size: 'md' }, styles: { input: { minHeight: touch } } }),
    InputWrapper: Input.Wrapper.extend({ defaultProps: { size: 'md' } }),
    // Its arrows are half as high as a finger.
    NumberInput: NumberInput.extend({ defaultProps: { hideControls: true } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'md' }, styles: { body: centred, label: tall } }),
    Radio: Radio.extend({ defaultProps: { size: 'md' }, styles: { body: centred, label: tall } }),
    Switch: Switch.extend({ defaultProps: { size: 'md' }, styles: { body: centred, label: tall } }),
    SegmentedControl: SegmentedControl.extend({
      styles: { root: { padding: 2 }, label: { ...tall, justifyContent: 'center' } },
    }),
    Tabs: Tabs.extend({ styles: { tab: { minHeight: touch } } }),
    Menu: Menu.extend({
      // A menu has no children but its items.
      defaultProps: { withInitialFocusPlaceholder: false },
      styles: { item: { minHeight: touch } },
    }),
    Pagination: Pagination.extend({ defaultProps: { size: 'xl' } }),
    Modal: Modal.extend({ defaultProps: { centered: true, radius: 'lg' } }),
  },
})

/**
 * Mantine's own choices for text of less weight do not reach AA on paper. `--page` is what surfaces lie on; the border of
 * a card is only decoration, and stays soft.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--page': 'var(--mantine-color-gray-0)',
    '--mantine-color-dimmed': 'var(--mantine-color-gray-6)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-error': 'var(--mantine-color-red-7)',
    '--mantine-color-default-border': 'var(--mantine-color-gray-3)',
  },
  dark: {
    '--page': 'var(--mantine-color-dark-9)',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-3)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-default-border': 'var(--mantine-color-dark-5)',
    '--menu-item-hover': 'var(--mantine-color-dark-5)',
  },
})
