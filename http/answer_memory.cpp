#include "http/answer_memory.hpp"

#include <utility>

namespace ocpi::http {

class answer_memory::share {
public:
    share(std::shared_ptr<answer_memory> of, std::string caller, std::size_t bytes)
        : of_(std::move(of)), caller_(std::move(caller)), bytes_(bytes)
    {
    }
    share(const share&) = delete;
    share& operator=(const share&) = delete;
    ~share() { of_->give_back(caller_, bytes_); }

private:
    const std::shared_ptr<answer_memory> of_;
    const std::string caller_;
    const std::size_t bytes_;
};

result<std::shared_ptr<const void>> answer_memory::take(const std::string& caller,
                                                        std::size_t bytes, demand wanted)
{
    if (bytes <= small_answer) return std::shared_ptr<const void>();
    if (!try_take(caller, bytes, wanted)) {
        return error(errc::overloaded,
                     "too many large answers wait for their readers; try again in a moment");
    }
    return std::shared_ptr<const void>(
        std::make_shared<const share>(shared_from_this(), caller, bytes));
}

bool answer_memory::try_take(const std::string& caller, std::size_t bytes, demand wanted)
{
    const std::lock_guard lock(mutex_);
    if (wanted == demand::if_free && used_ != 0) {
        const auto held = by_caller_.find(caller);
        const auto mine = (held == by_caller_.end() ? 0 : held->second) + bytes;
        const auto all = used_ + bytes;
        if (all > bytes_ || mine > bytes_ - all) return false;
    }
    by_caller_[caller] += bytes;
    used_ += bytes;
    return true;
}

void answer_memory::give_back(const std::string& caller, std::size_t bytes)
{
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
    const auto held = by_caller_.find(caller);
    held->second -= bytes;
    if (held->second == 0) by_caller_.erase(held);
}

std::size_t answer_memory::used() const
{
    const std::lock_guard lock(mutex_);
    return used_;
}

}  // namespace ocpi::http
