package sqs

import (
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"groundswell/shared/awsenv"
)

// FromEnv makes a Queue for the queue with the URL, with the settings that
// awsenv.Config reads.
func FromEnv(getenv func(string) string, url string) (*Queue, error) {
	cfg, err := awsenv.Config(getenv, sqs.ServiceID)
	if err != nil {
		return nil, err
	}
	return New(cfg, url), nil
}
