#pragma once

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace ocpi::server {

/// Bytes received and not yet used. Views into it last until the next call that is not const.
class input_buffer {
public:
    std::string_view view() const noexcept
    {
        return std::string_view(storage_).substr(begin_, end_ - begin_);
    }
    std::size_t size() const noexcept { return end_ - begin_; }
    bool empty() const noexcept { return begin_ == end_; }

    /// Room for `count` more bytes behind those already there.
    boost::asio::mutable_buffer prepare(std::size_t count)
    {
        if (begin_ != 0 && end_ + count > storage_.size()) {
            storage_.erase(0, begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (end_ + count > storage_.size()) storage_.resize(end_ + count);
        return boost::asio::buffer(storage_.data() + end_, count);
    }

    /// `count` bytes have been written to what prepare() gave.
    void commit(std::size_t count) noexcept { end_ += count; }

    /// Drops `count` bytes from the front.
    void consume(std::size_t count) noexcept
    {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    /// Gives memory beyond `keep` bytes back. Only while empty.
    void shrink(std::size_t keep)
    {
        if (storage_.capacity() > keep) std::string().swap(storage_);
    }

private:
    std::string storage_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace ocpi::server
