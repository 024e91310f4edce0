// Counts what the tests did.
//   go test -json … | node .ci/tally.mjs go FOLDER      shows progress, keeps the count
//   node .ci/tally.mjs sum FOLDER                       reads every count, ends with one line
// A suite leaves FOLDER/<suite>.json in its own runner's form. A suite that could
// not run leaves FOLDER/<suite>.why with the reason.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const suites = [
  { name: 'go', title: 'Go', read: readGo },
  { name: 'vitest', title: 'Vitest', read: readVitest },
  { name: 'browser', title: 'Browser', read: readPlaywright },
]

const nothing = () => ({ passed: 0, failed: 0, skipped: 0, skips: [], failures: [] })

const [mode, folder] = process.argv.slice(2)
if (mode === 'go' && folder) await followGo()
else if (mode === 'sum' && folder) process.exitCode = sum()
else {
  console.error('usage: tally.mjs go|sum FOLDER')
  process.exitCode = 2
}

// Follows `go test -json`: prints a line per package and the output of what
// failed. Only the innermost tests count: a parent repeats what its children say.
async function followGo() {
  const total = nothing()
  const packages = new Map()
  const builds = new Map()
  const open = (name) => {
    if (!packages.has(name)) packages.set(name, { tests: new Map(), output: [] })
    return packages.get(name)
  }
  for await (const line of createInterface({ input: process.stdin })) {
    let e
    try {
      e = JSON.parse(line)
    } catch {
      console.log(line)
      continue
    }
    if (e.Action === 'build-output') builds.set(e.ImportPath, (builds.get(e.ImportPath) ?? '') + e.Output)
    if (!e.Package) continue
    const p = open(e.Package)
    if (e.Action === 'output') note(p, e)
    if (e.Test && ['pass', 'fail', 'skip'].includes(e.Action)) test(p, e.Test).result = e.Action
    if (!e.Test && ['pass', 'fail', 'skip'].includes(e.Action)) close(total, e, p, builds.get(e.FailedBuild))
  }
  for (const [name, p] of packages) if (!p.closed) close(total, { Package: name, Action: 'fail', Elapsed: 0 }, p, 'the run was cut off\n')
  writeFileSync(join(folder, 'go.json'), JSON.stringify(total))
}

function test(p, name) {
  if (!p.tests.has(name)) p.tests.set(name, { output: [] })
  return p.tests.get(name)
}

function note(p, e) {
  const to = e.Test ? test(p, e.Test).output : p.output
  if (!/^\s*=== /.test(e.Output)) to.push(e.Output)
}

function close(total, e, p, buildOutput) {
  p.closed = true
  const names = [...p.tests.keys()]
  const count = nothing()
  for (const [name, t] of p.tests) {
    const failed = t.result !== 'pass' && t.result !== 'skip'
    const parent = names.some((other) => other.startsWith(`${name}/`))
    if (parent && !(failed && !names.some((other) => other.startsWith(`${name}/`) && p.tests.get(other).result === 'fail'))) {
      if (failed) process.stdout.write(t.output.join(''))
      continue
    }
    if (failed) {
      count.failed++
      count.failures.push(`${e.Package} ${name}`)
      process.stdout.write(t.output.join(''))
    } else if (t.result === 'skip') {
      count.skipped++
      count.skips.push({ what: `${e.Package} ${name}`, why: skipReason(t.output) })
    } else count.passed++
  }
  if (e.Action === 'fail' && count.failed === 0) {
    count.failed++
    count.failures.push(buildOutput ? `${e.Package} (does not build or was cut off)` : `${e.Package} (outside a test)`)
    process.stdout.write((buildOutput ?? '') + p.output.join(''))
  }
  if (names.length > 0 || e.Action === 'fail') {
    const said = [`${count.passed} passed`, count.failed && `${count.failed} failed`, count.skipped && `${count.skipped} skipped`]
    console.log(`${e.Action === 'fail' ? 'FAIL' : 'ok  '}  ${e.Package}  ${said.filter(Boolean).join(', ')}  ${(e.Elapsed ?? 0).toFixed(1)}s`)
  }
  add(total, count)
}

function skipReason(output) {
  const said = output.map((line) => line.trim()).filter((line) => line && !line.startsWith('---'))
  return said.join(' ').replace(/^\S+\.go:\d+: /, '') || 'no reason given'
}

function add(total, count) {
  for (const key of ['passed', 'failed', 'skipped']) total[key] += count[key]
  total.skips.push(...count.skips)
  total.failures.push(...count.failures)
}

function readGo(report) {
  return report
}

function readVitest(report) {
  const count = nothing()
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      count.failed++
      count.failures.push(file.name)
    }
    for (const t of file.assertionResults) take(count, t.status === 'passed' ? 'passed' : t.status === 'failed' ? 'failed' : 'skipped', t.fullName, `test.${t.status}`)
  }
  return count
}

function readPlaywright(report) {
  const count = nothing()
  const results = { expected: 'passed', flaky: 'passed', unexpected: 'failed', skipped: 'skipped' }
  const walk = (suite, path) => {
    for (const inner of suite.suites ?? []) walk(inner, [...path, inner.title])
    for (const spec of suite.specs ?? [])
      for (const t of spec.tests) {
        const name = [...path, spec.title, t.projectName].filter(Boolean).join(' › ')
        if (t.status === 'flaky') console.log(`flaky: ${name}`)
        take(count, results[t.status] ?? 'failed', name, t.annotations?.find((a) => a.description)?.description ?? (t.results.some((r) => r.status !== 'skipped') ? 'no reason given' : 'an earlier step of its story failed, or no reason given'))
      }
  }
  for (const suite of report.suites) walk(suite, [suite.title])
  for (const error of report.errors ?? []) take(count, 'failed', error.message ?? 'the runner failed')
  return count
}

function take(count, result, what, why) {
  count[result]++
  if (result === 'skipped') count.skips.push({ what, why })
  if (result === 'failed') count.failures.push(what)
}

// Prints the counts by suite, what failed, what did not run and why; the last
// line is the total. A skip is a failure where nothing may be missing.
function sum() {
  const strict = process.env.CI === 'true'
  const total = nothing()
  const missing = []
  console.log('')
  for (const s of suites) {
    const why = join(folder, `${s.name}.why`)
    if (existsSync(why)) {
      missing.push({ title: s.title, why: readFileSync(why, 'utf8').trim() })
      continue
    }
    const count = readSuite(s)
    console.log(`${s.title.padEnd(8)} ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
    add(total, count)
  }
  for (const name of total.failures) console.log(`failed:  ${name}`)
  for (const s of total.skips) console.log(`skipped: ${s.what}: ${s.why}`)
  for (const m of missing) console.log(`not run: ${m.title}: ${m.why}`)
  const left = total.skips.length + missing.filter((m) => m.why !== 'not asked for').length
  if (total.skips.length + missing.length === 0) console.log('not run: nothing')
  else if (strict && left > 0) console.log('With CI=true nothing may be left out: this run counts as failed.')
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  return total.failed > 0 || total.passed === 0 || (strict && left > 0) ? 1 : 0
}

function readSuite(s) {
  try {
    return s.read(JSON.parse(readFileSync(join(folder, `${s.name}.json`), 'utf8')))
  } catch {
    return { ...nothing(), failed: 1, failures: [`${s.title}: the runner ended without a report`] }
  }
}
