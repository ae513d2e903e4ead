package ses

import (
	"github.com/aws/aws-sdk-go-v2/service/ses"

	"groundswell/shared/awsenv"
)

// FromEnv makes a Sender with the settings that awsenv.Config reads; see New.
func FromEnv(getenv func(string) string, configurationSet string) (*Sender, error) {
	cfg, err := awsenv.Config(getenv, ses.ServiceID)
	if err != nil {
		return nil, err
	}
	return New(cfg, configurationSet), nil
}
