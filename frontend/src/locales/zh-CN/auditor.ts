export default {
  record: '操作记录',
}
