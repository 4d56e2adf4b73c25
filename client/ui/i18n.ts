/**
 * The languages: English and Khmer. Strings are TypeScript objects, one file for each language: `ui` here has those
 * that both apps share, and each app adds a namespace of its own (`client/pos/locales/index.ts`).
 */
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './locales/en.ts'
import { km } from './locales/km.ts'

export const languages = ['en', 'km'] as const
export type Language = (typeof languages)[number]

/** Which namespaces there are, by their English strings: `t` knows their keys. An app adds its own by merging. */
export interface Strings {
  ui: typeof en
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'ui'
    resources: Strings
  }
}

/**
 * What the translation of these strings is: the same keys, other texts. `key_one` and `key_other` are chosen by
 * `t('key', { count })`; Khmer has one form for every number, the `_other`.
 */
export type TranslationOf<English> = {
  readonly [Key in keyof English as Key extends `${string}_one` ? never : Key]: English[Key] extends string
    ? string
    : TranslationOf<English[Key]>
}

/** One namespace in all languages. */
export type Namespace = Record<Language, object>

const storageKey = 'modula.language'

/** Sets the languages up, before anything is rendered. `namespaces`: those of the app, by name. */
export function createI18n(namespaces: Record<string, Namespace>): i18n {
  const all: [string, Namespace][] = Object.entries({ ui: { en, km }, ...namespaces })
  const stringsIn = (language: Language) =>
    Object.fromEntries(all.map(([name, texts]) => [name, texts[language]]))
  const instance = i18next.createInstance().use(initReactI18next)
  instance.on('languageChanged', (language) => {
    document.documentElement.lang = language
    remember(language)
  })
  void instance.init({
    resources: { en: stringsIn('en'), km: stringsIn('km') },
    lng: recalled() ?? firstOf(navigator.languages),
    supportedLngs: languages,
    fallbackLng: 'en',
    ns: all.map(([name]) => name),
    defaultNS: 'ui',
    initAsync: false,
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  })
  return instance
}

/** The first of the browser's languages that there is here: `km-KH` is Khmer. English otherwise. */
export function firstOf(wanted: readonly string[]): Language {
  for (const each of wanted) {
    const found = languages.find((language) => language === each.split('-', 1)[0]?.toLowerCase())
    if (found) return found
  }
  return 'en'
}

/* A browser that keeps nothing (private windows, blocked storage) works on, in its own language. */

function recalled(): Language | undefined {
  try {
    const kept = localStorage.getItem(storageKey)
    return languages.find((language) => language === kept)
  } catch {
    return undefined
  }
}

function remember(language: string): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {}
}
