#include "modules/pricing/local_clock.hpp"

namespace ocpi::pricing {

local_time local_clock::show(date_time instant)
{
    const auto since_epoch = instant.instant().time_since_epoch();
    if (!is_set_ || instant >= until_) {
        offset_ = zone_.local(instant).time_since_epoch() - since_epoch;
        // No shift that is known means none within ten years.
        until_ = zone_.next_shift(instant).value_or(
            date_time(instant.instant() + std::chrono::years(10)));
        is_set_ = true;
    }
    return local_time(since_epoch + offset_);
}

}  // namespace ocpi::pricing
