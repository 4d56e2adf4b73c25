import { execFile, type SpawnOptions, spawn } from 'node:child_process'
import { chown, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Logger } from '../log.ts'
import { StartError } from '../start-error.ts'

const run = promisify(execFile)

/** Who runs PostgreSQL's programs. */
export type Account = {
  /** Starts a program with the account's rights; options as for spawn. */
  spawn(program: string, args: string[], options: SpawnOptions): ReturnType<typeof spawn>
  /** Makes a file or folder the account's own. */
  own(path: string): Promise<void>
}

const self: Account = { spawn, own: async () => {} }

/**
 * PostgreSQL refuses to run as root, so root hands it to the owner of the `data` folder, or where there is none yet to
 * the user `postgres`, who is made when missing. `paths` are what that user must reach; where a folder above them is
 * closed (root's home, a folder of mktemp), it is given the one capability that passes closed folders. Throws a
 * StartError when that is not possible.
 */
export async function chooseAccount(data: string, paths: string[], log: Logger): Promise<Account> {
  if (process.getuid?.() !== 0) return self
  const owner = await stat(data).catch(() => undefined)
  const { uid, gid } = owner?.uid ? owner : await postgresUser(log)
  const closed = await firstClosed(paths, uid, gid)
  const own = (path: string) => chown(path, uid, gid)
  if (!closed)
    return { own, spawn: (program, args, options) => spawn(program, args, { ...options, uid, gid }) }

  const prefix = passingClosedFolders(uid, gid)
  await run('setpriv', [...prefix, 'true']).catch((cause) => {
    throw new StartError(
      `embedded PostgreSQL cannot run as root, and user ${uid} cannot reach ${closed}: ` +
        'use a folder that others may enter, start as an ordinary user, or set DATABASE_URL',
      { cause },
    )
  })
  return { own, spawn: (program, args, options) => spawn('setpriv', [...prefix, program, ...args], options) }
}

async function postgresUser(log: Logger): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
  const find = async () => ({ uid: await id('-u'), gid: await id('-g') })
  return find().catch(async () => {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch((cause) => {
      throw new StartError(
        'embedded PostgreSQL cannot run as root, and the user postgres could not be made: ' +
          'start as an ordinary user, or set DATABASE_URL',
        { cause },
      )
    })
    log.info('made the system user postgres, as PostgreSQL does not run as root')
    return find()
  })
}

/** The first of the paths that the user cannot read and enter, asked of the system itself. */
async function firstClosed(paths: string[], uid: number, gid: number): Promise<string | undefined> {
  const script = 'for path; do test -r "$path" -a -x "$path" || { echo "$path"; exit; }; done'
  const { stdout } = await run('/bin/sh', ['-c', script, 'sh', ...paths], { uid, gid, cwd: '/' })
  return stdout.trim() || undefined
}

/** no_setuid_fixup, as access(2), with which PostgreSQL looks for its programs, otherwise leaves the capability out. */
function passingClosedFolders(uid: number, gid: number): string[] {
  const capability = '-all,+dac_override'
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
  ]
}
