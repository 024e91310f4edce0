export default {
  batches: '拨付批次',
  batch: { title: '拨付批次详情' },
}
