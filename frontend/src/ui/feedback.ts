/**
 * Short words after an act, and questions before one that cannot be undone. Both
 * come in their own chunk, the first time they are needed.
 */
export async function say(text: string, tone: 'success' | 'warning' | 'error' = 'success'): Promise<void> {
  const [{ ElMessage }] = await Promise.all([import('element-plus/es/components/message/index'), import('element-plus/es/components/message/style/css')])
  ElMessage({ message: text, type: tone, duration: 5000, showClose: true, grouping: true })
}

export interface Question {
  title: string
  text: string
  /** the act in words: "提交申请", not "确定" */
  confirm: string
}

/** True when the person confirms. */
export async function ask(question: Question, t: (key: string) => string): Promise<boolean> {
  const [{ ElMessageBox }] = await Promise.all([import('element-plus/es/components/message-box/index'), import('element-plus/es/components/message-box/style/css')])
  try {
    await ElMessageBox.confirm(question.text, question.title, {
      confirmButtonText: question.confirm,
      cancelButtonText: t('ui.cancel'),
      closeOnClickModal: false,
    })
    return true
  } catch {
    return false
  }
}
