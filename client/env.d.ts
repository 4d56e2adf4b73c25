/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Of the package that the apps were built from. */
  readonly VITE_APP_VERSION: string
}
