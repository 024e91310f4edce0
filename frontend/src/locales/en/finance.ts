export default {
  batches: 'Payment batches',
  batch: { title: 'Payment batch' },
}
