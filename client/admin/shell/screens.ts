/** The screens, where they are, and how they stand in the menu. Each comes in a file of its own. */
import { type IconCash, IconLayoutDashboard } from '@tabler/icons-react'
import { lazyScreen } from '../../ui/lazy-screen.ts'
import type { en } from '../locales/en.ts'

const screen = <Name extends ScreenName>(
  name: Name,
  path: string,
  Icon: typeof IconCash,
  load: Parameters<typeof lazyScreen>[0],
) => ({ name, path, Icon, Screen: lazyScreen(load) })

type Group = {
  /** Of the strings under `nav`; null: no heading. */
  name: 'tills' | 'money' | 'catalogue' | 'people' | null
  screens: readonly ReturnType<typeof screen<ScreenName>>[]
}
type ScreenName = Exclude<keyof typeof en.shell.nav, 'label' | 'open' | 'shut'>

export const groups: readonly Group[] = [
  {
    name: null,
    screens: [screen('overview', '/', IconLayoutDashboard, () => import('../screens/overview/overview.tsx'))],
  },
]

export const screens = groups.flatMap((group) => [...group.screens])
