export default {
  record: 'The record',
}
