/** `npm start`: the gateway, and the till and the console with it. */
import { expect, it } from 'vitest'
import { isStale } from '../../scripts/apps-stamp.ts'
import { embeddedIn, isAlive, run, start, usedFolder } from './process.ts'

const script = 'scripts/start.js'

it('has both apps, up to date; its last line is ready; a signal stops it as it stops the gateway', async () => {
  const folder = await usedFolder()
  const { url, stdout, stop } = await run({ DATA_DIR: folder }, script)
  expect(stdout.at(-1)).toBe(`ready ${url}`)
  expect(isStale()).toBe(false)
  for (const app of ['pos', 'admin']) {
    const page = await fetch(`${url}/${app}`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<div id="root">')
  }
  const database = embeddedIn(folder)
  expect((await stop()).code).toBe(0)
  expect(isAlive(database.pid)).toBe(false)
}, 300_000)

it('what is up to date is not built again', async () => {
  const { stdout, stop } = await run({ DATA_DIR: await usedFolder(), LOG_LEVEL: 'silent' }, script)
  expect(stdout).toEqual([expect.stringMatching(/^ready /)])
  await stop()
})

it('a wrong setting is told in one line, and is no reason to build', async () => {
  const { code, stdout, stderr } = await start({ PORT: 'many' }, script).ended
  expect(code).toBe(1)
  expect(stdout).toEqual([])
  expect(stderr).toEqual([expect.stringContaining('PORT')])
})
