/** Runs in a page of a browser: the tab as the test sees it. */
import { defaultEnvironment } from '../../client/sdk/platform.ts'
import { createTabs } from '../../client/sdk/tabs/tabs.ts'

export type TabsPage = { isLeader(): boolean; leads: number; heard: unknown[]; tell(message: unknown): void }

const { locks, openChannel } = defaultEnvironment()
const page: TabsPage = {
  isLeader: () => tabs.isLeader(),
  leads: 0,
  heard: [],
  tell: (message) => tabs.tell(message),
}
const tabs = createTabs({
  name: 'pos',
  shared: true,
  locks,
  openChannel,
})
tabs.watch({
  lead() {
    page.leads += 1
  },
  deposed() {},
})
tabs.listen((message) => page.heard.push(message))
Object.assign(window, { page })
