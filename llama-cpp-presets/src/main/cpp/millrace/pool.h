// A few threads that wait for rows to sample.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace millrace {

class pool {
  public:
    // The caller is thread 0, so one less is started.
    explicit pool(int threads) {
        for (int t = 1; t < threads; ++t) threads_.emplace_back([this, t] { work(t); });
    }

    ~pool() {
        {
            std::lock_guard<std::mutex> lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        for (std::thread & thread : threads_) thread.join();
    }

    int size() const { return (int) threads_.size() + 1; }

    // Calls task(item, thread) for each item; returns when all are done.
    void run(int items, const std::function<void(int, int)> & task) {
        next_.store(0, std::memory_order_relaxed);
        {
            std::lock_guard<std::mutex> lock(mutex_);
            items_ = items;
            task_ = &task;
            ++round_;
        }
        wake_.notify_all();
        take(task, items, 0);
        std::unique_lock<std::mutex> lock(mutex_);
        task_ = nullptr; // who wakes from now on finds nothing
        idle_.wait(lock, [this] { return busy_ == 0; });
    }

  private:
    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable idle_;
    std::atomic<int> next_{0};
    const std::function<void(int, int)> * task_ = nullptr;
    int items_ = 0;
    int busy_ = 0;
    uint64_t round_ = 0;
    bool stopping_ = false;

    void take(const std::function<void(int, int)> & task, int items, int thread) {
        for (int i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < items;) task(i, thread);
    }

    void work(int thread) {
        uint64_t seen = 0;
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            wake_.wait(lock, [&] { return stopping_ || (task_ != nullptr && round_ != seen); });
            if (stopping_) return;
            seen = round_;
            const std::function<void(int, int)> * task = task_;
            const int items = items_;
            ++busy_;
            lock.unlock();
            take(*task, items, thread);
            lock.lock();
            if (--busy_ == 0) idle_.notify_one();
        }
    }
};

} // namespace millrace
