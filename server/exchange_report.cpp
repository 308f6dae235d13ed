#include "server/exchange_report.hpp"

namespace ocpi::server {

using std::chrono::steady_clock;

exchange_report::exchange_report(http::request_observer* observer, http::request& of,
                                 const boost::asio::ip::tcp::socket& from)
    : observer_(observer)
{
    if (!observer) return;
    report_ = std::make_shared<http::request_report>();
    of.report = report_;
    started_ = handled_from_ = steady_clock::now();
    report_->started_at = std::chrono::system_clock::now();
    boost::system::error_code gone;
    report_->peer = from.remote_endpoint(gone).address();
}

exchange_report::~exchange_report()
{
    if (!report_) return;
    report_->duration = steady_clock::now() - started_;
    if (report_->status == 0) report_->refusal = "disconnected";
    observer_->on_finished(*report_);
}

void exchange_report::handling_begins() noexcept
{
    if (report_) handled_from_ = steady_clock::now();
}

void exchange_report::answered(const http::response& reply) noexcept
{
    if (!report_) return;
    report_->handling = steady_clock::now() - handled_from_;
    report_->status = reply.status;
    report_->is_stream = reply.stream != nullptr;
    report_->delivery = http::delivery::interrupted;
}

void exchange_report::delivered(bool is_complete) noexcept
{
    if (report_ && is_complete) report_->delivery = http::delivery::complete;
}

}  // namespace ocpi::server
