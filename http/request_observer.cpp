#include "http/request_observer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ocpi::http {
namespace {

class joined_observers final : public request_observer {
public:
    explicit joined_observers(std::vector<std::shared_ptr<request_observer>> observers)
        : observers_(std::move(observers))
    {
    }

    void on_finished(const request_report& report) noexcept override
    {
        for (const auto& each : observers_) each->on_finished(report);
    }

private:
    const std::vector<std::shared_ptr<request_observer>> observers_;
};

}  // namespace

std::string_view to_string(delivery how) noexcept
{
    switch (how) {
        case delivery::none: return "none";
        case delivery::interrupted: return "interrupted";
        case delivery::complete: return "complete";
    }
    return "unknown";
}

std::shared_ptr<request_observer> join_observers(
    std::vector<std::shared_ptr<request_observer>> observers)
{
    if (observers.empty()) return nullptr;
    if (observers.size() == 1) return std::move(observers.front());
    return std::make_shared<joined_observers>(std::move(observers));
}

std::string_view known_method(std::string_view method) noexcept
{
    static constexpr std::array<std::string_view, 7> known{"GET",   "HEAD",   "POST",   "PUT",
                                                           "PATCH", "DELETE", "OPTIONS"};
    if (method.empty()) return {};
    const auto found = std::find(known.begin(), known.end(), method);
    return found == known.end() ? std::string_view("other") : *found;
}

}  // namespace ocpi::http
