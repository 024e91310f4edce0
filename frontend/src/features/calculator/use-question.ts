import { reactive, watch } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import { readQuestion, writeQuestion, type Question } from './state'

/** The question on the page, kept in step with the address so that the link can be shared. */
export function useQuestion(): Question {
  const route = useRoute()
  const router = useRouter()
  const question = reactive(readQuestion(route.query))
  const written = () => JSON.stringify(writeQuestion(question))
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(written, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (route.name === 'calculator' && now !== addressOf(route.query)) void router.replace({ query: writeQuestion(question) })
    }, 300)
  })
  watch(
    () => route.query,
    (query) => {
      if (route.name === 'calculator' && addressOf(query) !== written()) Object.assign(question, readQuestion(query))
    },
  )
  return question
}

const addressOf = (query: LocationQuery) => JSON.stringify(writeQuestion(readQuestion(query)))
