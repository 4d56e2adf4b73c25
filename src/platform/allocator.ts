/** glibc's setting, in bytes; empty where there is another C library, which does not look at it. */
const setting = 'MALLOC_MMAP_THRESHOLD_'
const MEBIBYTE = 2 ** 20
/**
 * Of V8, in MiB: how much of what was just made may lie about until it is swept, thrice. Of a queue of 4,000 sales and its
 * bootstraps the process held 320 MB instead of 428, at the same time of the processor to 5 %; 4 took longer and held
 * more. Not settable once V8 runs.
 */
const youngSpace = '--max-semi-space-size'
const youngMebibytes = 8

/**
 * Gives large blocks back to the system when they are freed. By itself glibc keeps them once it has seen one go, for
 * each thread: the 16 MB that a PIN's hash takes, and what compiling takes, stayed with the process for ever (280 MB
 * instead of 170 for an idle gateway). glibc reads the setting when a process begins, so the process begins anew, as
 * itself: the same id, files and arguments. Returns where that is done, cannot be, or would cut off a parent that talks
 * to it (Node's IPC does not survive it). To be called before much is loaded.
 */
export function settleAllocator(): void {
  if (process.platform !== 'linux' || process.env[setting] !== undefined || process.connected) return
  const { execPath, execArgv, argv } = process
  try {
    process.execve?.(execPath, [execPath, ...youngFlags(), ...execArgv, ...argv.slice(1)], {
      ...process.env,
      [setting]: String(MEBIBYTE),
    })
  } catch {
    // Not allowed here, or not in this version of Node: the gateway works, and holds more.
  }
}

/** None where somebody has set it. */
function youngFlags(): string[] {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')
  return given.includes('semi-space-size') ? [] : [`${youngSpace}=${youngMebibytes}`]
}
