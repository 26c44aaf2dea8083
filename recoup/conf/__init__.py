"""Where the parts are put together: settings, addresses, start-up. Nothing here knows the business."""
