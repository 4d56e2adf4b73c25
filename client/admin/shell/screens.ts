/** The screens, where they are, and how they stand in the menu. Each comes in a file of its own. */
import {
  IconActivity,
  IconAlertTriangle,
  IconBook2,
  IconCash,
  IconDeviceTablet,
  IconFileCheck,
  IconHistory,
  IconLayoutDashboard,
  IconPackage,
  IconReceipt,
  IconScale,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'
import { lazyScreen } from '../../ui/lazy-screen.ts'
import type { en } from '../locales/en.ts'

type ScreenName = Exclude<keyof typeof en.shell.nav, 'label' | 'open' | 'shut'>

const screen = (
  name: ScreenName,
  path: string,
  Icon: typeof IconCash,
  load: Parameters<typeof lazyScreen>[0],
) => ({ name, path, Icon, Screen: lazyScreen(load) })

type Group = {
  /** Of the strings under `nav`; null: no heading. */
  name: 'tills' | 'money' | 'catalogue' | 'people' | 'business' | null
  screens: readonly ReturnType<typeof screen>[]
}

export const groups: readonly Group[] = [
  {
    name: null,
    screens: [screen('overview', '/', IconLayoutDashboard, () => import('../screens/overview/overview.tsx'))],
  },
  {
    name: 'tills',
    screens: [
      screen('devices', '/devices', IconDeviceTablet, () => import('../screens/devices/devices.tsx')),
      screen('rejected', '/rejected', IconAlertTriangle, () => import('../screens/rejected/rejected.tsx')),
      screen('nudges', '/nudges', IconActivity, () => import('../screens/nudges/nudges.tsx')),
    ],
  },
  {
    name: 'money',
    screens: [
      screen('sales', '/sales', IconReceipt, () => import('../screens/sales/sales.tsx')),
      screen('closings', '/closings', IconFileCheck, () => import('../screens/closings/closings.tsx')),
      screen('cash', '/cash', IconCash, () => import('../screens/cash/cash.tsx')),
    ],
  },
  {
    name: 'catalogue',
    screens: [
      screen('menu', '/menu', IconBook2, () => import('../screens/menu/menu.tsx')),
      screen('policy', '/policy', IconScale, () => import('../screens/policy/policy.tsx')),
      screen('stock', '/stock', IconPackage, () => import('../screens/stock/stock.tsx')),
    ],
  },
  {
    name: 'people',
    screens: [
      screen('staff', '/staff', IconUsers, () => import('../screens/staff/staff.tsx')),
      screen('audit', '/audit', IconHistory, () => import('../screens/audit/audit.tsx')),
    ],
  },
  {
    name: 'business',
    screens: [
      screen('settings', '/settings', IconSettings, () => import('../screens/settings/settings.tsx')),
    ],
  },
]

export const screens = groups.flatMap((group) => group.screens)
