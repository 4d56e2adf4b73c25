/**
 * The languages: English and Khmer. Strings are TypeScript objects, one file for each language: `ui` here has those
 * that both apps share, and each app adds a namespace of its own (see `client/pos/locales/index.ts`).
 */
import i18next, { type i18n, type Resource } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './locales/en.ts'
import { km } from './locales/km.ts'

export const languages = ['en', 'km'] as const
export type Language = (typeof languages)[number]

/** Which namespaces there are; an app adds its own by declaration merging, and `t` knows their keys. */
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
 * What a translation of these strings is: the same keys, other texts. A language without a form for one thing (Khmer)
 * has no `_one`.
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
  const all: Record<string, Namespace> = { ui: { en, km }, ...namespaces }
  const resources: Resource = Object.fromEntries(
    languages.map((language) => [
      language,
      Object.fromEntries(Object.entries(all).map(([name, texts]) => [name, texts[language]])),
    ]),
  ) as Resource
  const instance = i18next.createInstance().use(initReactI18next)
  instance.on('languageChanged', (language) => {
    document.documentElement.lang = language
    remember(language)
  })
  instance.init({
    resources,
    lng: chosenLanguage(),
    fallbackLng: 'en',
    defaultNS: 'ui',
    initAsync: false,
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  })
  return instance
}

/** As remembered, or else as the browser's languages say. */
export function chosenLanguage(): Language {
  const wanted = [recalled(), ...navigator.languages].map((each) => each?.slice(0, 2))
  return (
    languages.find((language) => language === wanted.find((each) => languages.some((l) => l === each))) ??
    'en'
  )
}

/* A browser that keeps nothing (private windows, blocked storage) works on, in its own language. */
function recalled(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}
function remember(language: string): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {}
}
