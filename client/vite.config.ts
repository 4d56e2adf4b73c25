/**
 * How the two apps are built and served while one works on them. `scripts/build-apps.ts` and `scripts/dev.ts` use it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import type { InlineConfig, PluginOption } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

export const apps = ['pos', 'admin'] as const
export type AppName = (typeof apps)[number]

const client = import.meta.dirname
const { version } = JSON.parse(readFileSync(join(client, '../package.json'), 'utf8'))

/** None of these files does anything by being imported. */
const inert = [join(client, 'sdk/'), join(client, '../src/')]

/** Of one app, at `/NAME/`. */
export function appConfig(name: AppName): InlineConfig {
  return {
    configFile: false,
    root: join(client, name),
    base: `/${name}/`,
    cacheDir: join(client, '../node_modules/.cache/vite', name),
    logLevel: 'warn',
    define: { 'import.meta.env.VITE_APP_VERSION': JSON.stringify(version) },
    plugins: [react(), iconsOneByOne(), ...(name === 'pos' ? [offline()] : [])],
    resolve: {
      alias: {
        'modula-sync/client': join(client, 'sdk/index.ts'),
        'modula-sync/react': join(client, 'react/index.ts'),
      },
    },
    optimizeDeps: { exclude: [icons] },
    build: {
      // What a three-year-old Android tablet runs.
      target: ['chrome111', 'safari16.4', 'firefox114'],
      // The policy of the pages allows no data: fonts.
      assetsInlineLimit: 0,
      // Each of those browsers has it.
      modulePreload: { polyfill: false },
      // Most of it is React, Mantine and the languages, which every screen needs.
      chunkSizeWarningLimit: 1_000,
      emptyOutDir: true,
      reportCompressedSize: false,
      rolldownOptions: {
        // On a busy machine every plugin is slow.
        checks: { pluginTimings: false },
        // What an app does not use of the SDK, and of the server through it, stays out.
        treeshake: { moduleSideEffects: (id) => !inert.some((folder) => id.startsWith(folder)) },
      },
    },
  }
}

const icons = '@tabler/icons-react'

/**
 * `import { IconSun } from '@tabler/icons-react'` goes to the module of that icon: the index has 6,500 of them, and to read
 * them only to leave them out is a third of the build's work.
 */
function iconsOneByOne(): PluginOption {
  const names = new RegExp(`import\\s*\\{([^}]*)\\}\\s*from\\s*['"]${icons}['"]`, 'g')
  const one = (name: string) => {
    const [icon, alias = icon] = name.split(/\s+as\s+/)
    return `import ${alias} from '${icons}/icons/${icon}'`
  }
  return {
    name: 'icons-one-by-one',
    enforce: 'pre',
    transform: {
      filter: { id: /\/client\/.*\.tsx?$/, code: icons },
      handler: (code) =>
        code.replace(names, (_, list: string) => {
          const wanted = list.split(',').map((name) => name.trim())
          return wanted
            .filter((name) => name.startsWith('Icon'))
            .map(one)
            .join('; ')
        }),
    },
  }
}

/** The till opens with no network: its service worker keeps everything, and a new version waits until it is wanted. */
function offline(): PluginOption {
  return VitePWA({
    registerType: 'prompt',
    injectRegister: false,
    scope: '/pos/',
    manifest: {
      id: '/pos/',
      name: 'Modula till',
      short_name: 'Modula',
      description: 'The point of sale that goes on selling with no network.',
      lang: 'en',
      start_url: '/pos/',
      scope: '/pos/',
      display: 'standalone',
      theme_color: '#aa4603',
      background_color: '#f5f1eb',
      icons: [
        { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
        { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
      ],
    },
    workbox: {
      globPatterns: ['**/*.{html,js,css,woff2,png,svg,webmanifest}'],
      navigateFallback: '/pos/index.html',
      // Its scope begins with /pos, so that the address without the slash opens offline too; nothing else is its business.
      navigateFallbackAllowlist: [/^\/pos(\/|$)/],
      cleanupOutdatedCaches: true,
      // The first opening is under its care at once: what is loaded later comes from what it keeps.
      clientsClaim: true,
      inlineWorkboxRuntime: true,
      sourcemap: false,
    },
  })
}
