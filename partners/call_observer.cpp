#include "partners/call_observer.hpp"

#include <utility>

namespace ocpi::partners {
namespace {

class joined_call_observers final : public call_observer {
public:
    explicit joined_call_observers(std::vector<std::shared_ptr<call_observer>> observers)
        : observers_(std::move(observers))
    {
    }

    void on_call(const call_report& report) noexcept override
    {
        for (const auto& each : observers_) each->on_call(report);
    }

private:
    const std::vector<std::shared_ptr<call_observer>> observers_;
};

}  // namespace

std::string_view to_string(call_purpose purpose) noexcept
{
    switch (purpose) {
        case call_purpose::registration: return "registration";
        case call_purpose::push: return "push";
        case call_purpose::pull: return "pull";
        case call_purpose::preferences: return "preferences";
    }
    return "unknown";
}

std::string_view to_string(call_outcome outcome) noexcept
{
    switch (outcome) {
        case call_outcome::accepted: return "accepted";
        case call_outcome::refused: return "refused";
        case call_outcome::failed: return "failed";
    }
    return "unknown";
}

std::shared_ptr<call_observer> join_observers(std::vector<std::shared_ptr<call_observer>> observers)
{
    if (observers.empty()) return nullptr;
    if (observers.size() == 1) return std::move(observers.front());
    return std::make_shared<joined_call_observers>(std::move(observers));
}

}  // namespace ocpi::partners
