const links = [
  ['/pos', 'The till', 'sell, with a network or without'],
  ['/admin', 'The console', 'menu, stock, cash sessions, devices, what was rejected'],
  ['/graphql', 'GraphiQL', 'try the API: sign in, push, pull, listen to nudges'],
  ['/readyz', 'Readiness', 'whether the database is reachable and migrated'],
  ['/metrics', 'Metrics', 'Prometheus text'],
] as const

const row = ([href, name, what]: (typeof links)[number]) =>
  `<li><a href="${href}">${name}</a><span>${what}</span></li>`

/** The page at `/`, with what there is. */
export const landingPage = (has: { graphiql: boolean; metrics: boolean }): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>modula-sync</title>
<style>
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f6f3ee, #1b1917); color: light-dark(#2b2622, #ece7e1); }
  main { max-width: 34rem; padding: 2rem; }
  h1 { margin: 0 0 .25rem; font-size: 2rem; letter-spacing: -.02em; }
  p { margin: 0 0 1.5rem; color: light-dark(#6b625a, #a89e94); }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
  li { display: grid; background: light-dark(#fff, #26231f); border-radius: .75rem; padding: .9rem 1.1rem; }
  a { color: light-dark(#8a3b12, #f0a878); font-weight: 600; text-decoration: none; }
  a:hover, a:focus { text-decoration: underline; }
  span { font-size: .9rem; color: light-dark(#6b625a, #a89e94); }
</style>
</head>
<body>
<main>
  <h1>modula-sync</h1>
  <p>The offline sync gateway: tills go on selling without a network, and everything arrives exactly once.</p>
  <ul>${links
    .filter(([href]) => (href !== '/graphql' || has.graphiql) && (href !== '/metrics' || has.metrics))
    .map(row)
    .join('')}</ul>
</main>
</body>
</html>
`
