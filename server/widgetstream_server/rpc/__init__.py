"""All that knows gRPC: servicers of a few lines, interceptors, statuses."""
