/** Shows which version it is and whether a new one waits, and takes it: all of the till that its versions need. */
import { createRoot } from 'react-dom/client'
import { registerServiceWorker, useNewVersion } from '../../../client/pos/new-version.ts'

declare const VERSION: string

function Page() {
  const { waits, take } = useNewVersion()
  return (
    <>
      <h1>{VERSION}</h1>
      {waits && (
        <button type="button" onClick={take}>
          Take the new version
        </button>
      )}
    </>
  )
}

createRoot(document.getElementById('root')!).render(<Page />)
void registerServiceWorker()
