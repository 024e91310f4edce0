import { describe, expect, it } from 'vitest'
import { asProblem, inputPath, Problem, toProblem } from '@/api/problem'
import { covers, faultsOf } from '@/ui/form-problem'
import { problemText } from '@/ui/problem-words'

const refusal = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  toProblem(new Response(null, { status, headers }), body)

describe('toProblem', () => {
  it('keeps code, sentence, request id and every field', () => {
    const problem = refusal(422, {
      code: 'invalid_input',
      title: '内容需要修改',
      detail: '有内容需要修改，请见各项提示',
      request_id: 'r-1',
      errors: [
        { path: 'body.invoices[0].number', code: 'invoice.form', message: '发票号码应为 20 位' },
        { path: 'head_count', code: 'range', message: '不能为负' },
      ],
    })
    expect(problem).toMatchObject({ status: 422, code: 'invalid_input', message: '有内容需要修改，请见各项提示', requestId: 'r-1' })
    expect(problem.fields.map((field) => field.path)).toEqual(['invoices[0].number', 'head_count'])
  })

  it('makes a problem of what a proxy answers', () => {
    const problem = refusal(502, '<html>bad gateway</html>', { 'x-request-id': 'r-2' })
    expect(problem).toMatchObject({ code: 'http_502', message: '', requestId: 'r-2', fields: [] })
    expect(problem.transient).toBe(true)
  })

  it('does not stumble over odd entries', () => {
    expect(refusal(400, { title: 'x', errors: [null, 'text', {}] }).fields).toEqual([{ path: '', code: 'invalid', message: '' }])
  })
})

it('names inputs without the place they were found in', () => {
  expect(['body.a.b', 'query.sort', '$.a', 'bodywork', 'a[1].b'].map(inputPath)).toEqual(['a.b', 'sort', 'a', 'bodywork', 'a[1].b'])
})

it('maps faults to their input and to nobody else’s', () => {
  expect(covers('invoices', 'invoices[0].number')).toBe(true)
  expect(covers('firm', 'firm.name')).toBe(true)
  expect(covers('name', 'name')).toBe(true)
  expect(covers('name', 'names')).toBe(false)
  expect(covers('firm.name', 'firm')).toBe(false)
  expect(faultsOf(new Error('other'))).toEqual([])
})

it('finds a sentence for failures on which the API said nothing', () => {
  const t = (key: string) => key
  expect(problemText(new TypeError('Failed to fetch'), t)).toBe('ui.problem.network')
  expect(problemText(refusal(503, null), t)).toBe('ui.problem.server')
  expect(problemText(refusal(429, null), t)).toBe('ui.problem.throttled')
  expect(problemText(new Problem({ status: 409, code: 'x', detail: '已被使用' }), t)).toBe('已被使用')
})

it('keeps the cause of a failure of our own', () => {
  const cause = new Error('bug')
  expect(asProblem(cause)).toMatchObject({ code: 'client', cause })
})
