#pragma once

#include "app/admin/http_counts.hpp"
#include "app/admin/partner_counts.hpp"
#include "application/application.hpp"
#include "crud/crud.hpp"
#include "ocpi/base/readiness.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace ocpi::app {

/// What the admin listener answers from. It listens before there is a store and an Application.
/// Safe from any thread.
struct admin_sources {
    std::string version;
    const std::shared_ptr<ocpi::readiness> readiness = std::make_shared<ocpi::readiness>();
    const std::shared_ptr<http_counts> requests = std::make_shared<http_counts>();
    const std::shared_ptr<partner_counts> partners = std::make_shared<partner_counts>();

    /// Once both are there. The Application must outlive the admin listener's run.
    void attach(Application& application, std::shared_ptr<Crud> store)
    {
        const std::lock_guard lock(mutex_);
        application_ = &application;
        store_ = std::move(store);
    }

    /// nullptr: not yet.
    Application* application() const
    {
        const std::lock_guard lock(mutex_);
        return application_;
    }
    std::shared_ptr<Crud> store() const
    {
        const std::lock_guard lock(mutex_);
        return store_;
    }

private:
    mutable std::mutex mutex_;
    Application* application_ = nullptr;  // guarded by mutex_
    std::shared_ptr<Crud> store_;         // guarded by mutex_
};

}  // namespace ocpi::app
