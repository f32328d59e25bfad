"""From the orders of a batch to specs, as the single calls make them."""

from __future__ import annotations

from lipwright.server.errors import NotInPlan, Refused, ServiceError
from lipwright.server.jobs.batch_lifecycle import NewOrder, create_batch, earlier_batch
from lipwright.server.jobs.lifecycle import CreateCall
from lipwright.server.jobs.schemas import BatchAnswer
from lipwright.server.products.batches.schemas import BatchRequest, PhotoOrder, SyncOrder
from lipwright.server.products.lip_sync.service import lip_sync_spec
from lipwright.server.products.talking_photo.service import talking_photo_spec
from lipwright.server.services import Services

PHOTO_PATH = "/v1/ai-talking-photo"
SYNC_PATH = "/v1/lip-sync"


def place_orders(services: Services, call: CreateCall, request: BatchRequest) -> BatchAnswer:
    """Queue all orders, or none. Raises what the single calls raise, with the place of the order."""
    earlier = earlier_batch(services, call)
    if earlier is not None:
        return earlier
    orders = [_placed(services, call, place, order) for place, order in enumerate(request.orders)]
    return create_batch(services, call, request.name, orders)


def _placed(services: Services, call: CreateCall, place: int, order: PhotoOrder | SyncOrder) -> NewOrder:
    try:
        spec = (
            talking_photo_spec(services, call, order.order)
            if isinstance(order, PhotoOrder)
            else lip_sync_spec(services, call, order.order)
        )
    except (Refused, NotInPlan) as refused:
        raise _with_place(refused, place) from refused
    return NewOrder(
        path=PHOTO_PATH if isinstance(order, PhotoOrder) else SYNC_PATH,
        body=order.order.model_dump_json(),
        name=order.order.name,
        spec=spec,
        reference=order.reference,
    )


def _with_place(refused: ServiceError, place: int) -> ServiceError:
    return type(refused)(f"orders[{place}]: {refused.message}")
